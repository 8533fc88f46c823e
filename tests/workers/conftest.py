"""A publication, its database and the pools of both roles."""

from tests.paper_fixtures import owner, paper, policy, web, worker

__all__ = ["owner", "paper", "policy", "web", "worker"]
