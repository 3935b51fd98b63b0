"""What the sync vectors expect, worked out the long way and without any code of the product."""
