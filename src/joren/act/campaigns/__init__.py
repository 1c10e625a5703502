"""One audience, one moment, one message: newsletters and limited promotions."""
