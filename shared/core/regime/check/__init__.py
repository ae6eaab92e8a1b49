"""Is a well-formed regime sound, and what should its keeper know of it?

`faults` refuses: names that lead nowhere, steps nobody signs, days that no calendar has. `remarks` only says: values
that no document gives, cadences that burden, rules that can never hold. Each comes with a pointer into the document.
"""

from shared.core.regime.check.faults import faults
from shared.core.regime.check.remarks import remarks

__all__ = ["faults", "remarks"]
