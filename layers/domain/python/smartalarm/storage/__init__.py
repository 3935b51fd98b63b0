"""What every store has in common, as pure rules: what a commit does, how JSON is kept, how a page is continued."""
