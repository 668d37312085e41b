"""The command line: parses arguments, calls, prints. One file for each group of commands; decides nothing."""
