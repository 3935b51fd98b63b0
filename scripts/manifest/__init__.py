"""The clouds' manifests, made from the declarations of the functions."""
