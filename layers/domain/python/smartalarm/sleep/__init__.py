"""Sleep: stages of a night from movement and heart rate, and what follows from them."""
