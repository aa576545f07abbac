"""When things are done: APScheduler as the clock; services say what."""
