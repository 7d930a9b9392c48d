"""Simulation: a MuJoCo robot under a joint trajectory controller, and pictures of it.

Nothing is imported here: pictures must choose their OpenGL before MuJoCo is loaded.
"""
