"""What `make deploy` and `make remove` do around the deployment tool: secrets, the app's files, what is kept."""
