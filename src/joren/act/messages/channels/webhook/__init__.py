"""SMS and app notices, carried on by a service that is told by a signed request."""
