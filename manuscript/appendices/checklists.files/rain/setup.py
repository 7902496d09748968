from setuptools import setup

setup(
    name='rain', version='1.4.2', packages=['rain'],
    description='Add up rainfall',
    python_requires='>=3.11', install_requires=['python-dateutil'],
    entry_points={'console_scripts': ['rain=rain.report:main']},
)
