"""Put clausecheck into other tools."""
