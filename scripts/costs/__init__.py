"""What a ring costs on AWS: counted requests, prices, and the page made of both."""
