from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
version = {}
exec((here / "involvement_app" / "__init__.py").read_text(), version)

setup(
	name="involvement_app",
	version=version["__version__"],
	description="Service user involvement for charities and care providers, inside the CRM they already have",
	author="The involvement_app team",
	license="MIT",
	python_requires=">=3.10",
	packages=find_packages(),
	include_package_data=True,
	zip_safe=False,
	# frappe itself is installed by bench and is not on PyPI
	extras_require={"demo": ["time-machine==3.6.0"]},
	install_requires=(here / "requirements.txt").read_text().split(),
)
