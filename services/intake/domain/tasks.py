"""What is due for a person, in each of its capacities, and by when?"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from services.intake.domain import office_tasks, project_tasks
from services.intake.domain.post import Post, Task
from shared.core.ledger import Ledger
from shared.core.register import posts_of

_ASKING: tuple[Callable[[Post], Iterator[Task]], ...] = (
    project_tasks.returns, project_tasks.inbox, project_tasks.milestones, project_tasks.permits, project_tasks.problems,
    project_tasks.duty_visits, office_tasks.matters, office_tasks.contests, office_tasks.drafts,
    office_tasks.meetings, office_tasks.exits,
)  # fmt: skip


def tasks_of(ledger: Ledger, person: str, *, at: datetime) -> Sequence[Task]:
    """All that is asked of a person in each unit in which it holds a post; what is due first, first."""
    posts = [Post(ledger, person, unit, at) for unit in sorted({unit for _, unit, _ in posts_of(ledger, person)})]
    return sorted((task for post in posts for ask in _ASKING for task in ask(post)), key=lambda task: task.id)
