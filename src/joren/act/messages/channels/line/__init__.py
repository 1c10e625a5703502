"""LINE, through the Messaging API of the shop's official account."""
