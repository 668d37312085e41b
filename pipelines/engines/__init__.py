"""Engines that run the SQL files: one module for each engine."""
