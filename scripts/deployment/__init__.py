"""What deploying does around the clouds' own tools: secrets, the app's files, what is kept, and commands step by step."""
