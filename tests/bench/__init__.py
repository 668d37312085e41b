"""Measuring tools: how long the work takes, what a rerun of a page costs, how many readers one server bears.

`make bench` runs all of them; `python -m tests.bench rerun` runs one, `--code DIRECTORY` measures another
checkout, `--json FILE` keeps every single figure. They look from outside, through addresses, messages and
public functions of libraries, and import nothing of the tracker, so that the same measurement can be taken
before and after a change of its code. Linux only. On a machine that does other work too, compare processor
times, and ratios to the plain page of the same run, not seconds.

- build: a release, a release that changes nothing, a query, imports of published files if they are here
- rerun: processor time, kB, questions, compilations and figures of one changed filter, on each page
- readers: answer times of many readers at once on one page, beside an empty Streamlit page
- first-chart: from the address to the first drawn chart, cold and warm, beside a Streamlit page with one
  chart
- memory: of the server after many different choices
"""
