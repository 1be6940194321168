"""Foundations for MongoDB and Redis that Django lacks. Imports nothing from the rest of FinBrain."""
