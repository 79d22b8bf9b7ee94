"""The web console: NiceGUI on the API's application, all data through the HTTP API."""
