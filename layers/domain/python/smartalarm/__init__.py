"""Smart Alarm: the domain, the ports it needs, and the frame functions are written in."""
