"""An MCP server over the HTTP API: questions about relations as tools, each answer with quotes and links."""
