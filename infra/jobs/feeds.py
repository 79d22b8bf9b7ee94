"""probe"""


def land_memos(source: str) -> dict[str, int]:
    print("LAND", source)
    return {"accepted": 1}


def refine_memos() -> dict[str, int]:
    return {"accepted": 1}
