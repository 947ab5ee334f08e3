"""Tests of s2sad; ``programs`` holds functions to differentiate, ``golden`` what their derivatives look like."""
