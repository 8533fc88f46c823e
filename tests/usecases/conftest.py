"""A publication, its database and the pools of both roles."""

from tests.paper_fixtures import owner, paper, policy, web, worker
from tests.usecases.checking import fake

__all__ = ["fake", "owner", "paper", "policy", "web", "worker"]
