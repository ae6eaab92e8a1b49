"""Run notify alone, with settings from the environment."""

import asyncio

from services.notify.app import main

asyncio.run(main())
