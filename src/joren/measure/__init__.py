"""Did it pay?"""
