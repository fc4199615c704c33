"""The only code that changes the state of a message: queued, sent in bulk, reported, asked about, given up."""
