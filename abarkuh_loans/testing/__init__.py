"""What every test stands on: the servers, a database of its own, the site's role in it, a browser."""
