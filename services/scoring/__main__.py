"""Run scoring alone, with settings from the environment."""

import asyncio

from services.scoring.app import main

asyncio.run(main())
