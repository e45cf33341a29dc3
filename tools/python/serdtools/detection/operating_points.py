"""What a detector's false alarms cost it in misses."""

import numpy as np


def rates(decisions, truth):
    """False alarms and misses, as shares."""
    return np.mean(decisions[~truth]), 1 - np.mean(decisions[truth])


def miss_at(points, alarms):
    """Least miss rate at this rate of false alarms on the lines between points (the lower convex hull)."""
    hull = []
    for point in sorted([*points, (0.0, 1.0), (1.0, 0.0)]):
        while len(hull) > 1 and not _turns_left(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return float(np.interp(alarms, [x for x, _ in hull], [y for _, y in hull]))


def _turns_left(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])
