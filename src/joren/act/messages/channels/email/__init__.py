"""Mail, through the server that JOREN_SMTP names."""
