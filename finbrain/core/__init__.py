"""The ground floor: what MongoDB and Redis need and Django does not give. Imports nothing of ours."""
