"""Remembers what a method answered, for as long as its object lives."""

import functools


def remembered(method):
    @functools.wraps(method)
    def answer(self, *arguments, **named):
        memory = self.__dict__.setdefault("answers_of_" + method.__name__, {})
        key = arguments, tuple(sorted(named.items()))
        if key not in memory:
            memory[key] = method(self, *arguments, **named)
        return memory[key]

    return answer
