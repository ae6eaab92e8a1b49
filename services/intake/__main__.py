"""Run intake alone, with settings from the environment."""

import asyncio

from services.intake.app import main

asyncio.run(main())
