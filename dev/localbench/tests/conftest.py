import pytest
from localbench.layout import Bench


@pytest.fixture
def room(tmp_path):
	"""An empty bench folder in an empty checkout."""
	bench = Bench(tmp_path)
	bench.make_folders()
	return bench
