"""What `make bench` measures: figures of this machine and this run, never asserted by a test."""
