"""Grade a class on a Dask cluster: `grader grade UNIT --scheduler tcp://…`."""
