"""What stands on a page, figure by figure: the question is asked, the figure drawn, its twin and its file offered. Pages only put them in order."""
