"""Messages to customers: templates, how they look, and the channels they leave by."""
