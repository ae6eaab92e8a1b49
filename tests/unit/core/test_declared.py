"""Does a declared figure follow from its inputs, form by form, and is what contradicts named?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from shared.core.declared import (
    ClassShare,
    Contribution,
    Declared,
    Difference,
    Figure,
    Form,
    Grown,
    Growth,
    Left,
    Listed,
    ListedAmount,
    ListedIn,
    Measured,
    Named,
    NotListedIn,
    PlanImplied,
    Previous,
    Product,
    SameAs,
    Share,
    Shares,
    Sum,
    WeightedGrowth,
    faults,
)
from shared.core.declared_check import Checked, check
from shared.core.numbers import Rounding, rounded


@dataclass(frozen=True)
class Record:
    """What the record gives, by name."""

    measures: Mapping[str, Decimal] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)

    def measured(self, wanted: Measured) -> Decimal | None:
        return self.measures.get(wanted.measure)

    def listed(self, wanted: Listed) -> tuple[str, ...]:
        return self.names

    def amount(self, wanted: ListedAmount) -> Decimal | None:
        return self.amounts.get(wanted.amount)


def judged(
    figure: Form, printed: str = "", *, rounding: Rounding = "half_up", like: str = "0.00", **given: object
) -> Checked:
    record = Record(**given)  # type: ignore[arg-type]
    declared = Declared(id="it", figure=figure, printed=printed, prints_like=like, source="第一条")
    return check([declared], record, rounding=rounding)[-1]


def ends(found: Checked, decimals: int = 2) -> tuple[str, str]:
    assert found.low is not None
    assert found.high is not None
    return (
        str(rounded(found.low, decimals=decimals, rounding="half_up")),
        str(rounded(found.high, decimals=decimals, rounding="half_up")),
    )


@pytest.mark.parametrize(
    ("figure", "like", "computed"),
    [
        (SameAs(same_as="287.2"), "0.0", "287.2"),
        (Sum(sum=(15, 3, 1)), "0", "19"),
        (Difference(difference="258.7", less=("170.62",)), "0.00", "88.08"),
        (Difference(difference=28, less=(10, 9, 6)), "0", "3"),
        (Difference(difference="45.4%", less=("18.4个百分点",)), "0.0%", "27.0%"),
        (Product(product=(13, 20)), "0", "260"),
        (Share(share=15, over=19), "0.00%", "78.95%"),
        (Growth(growth="156", since="116"), "+0.00%", "+34.48%"),
        (Previous(previous="84", growth="-33.9%"), "0.00", "127.08"),
        (PlanImplied(plan_implied="6.6万平方米", at="70%"), "0.00万平方米", "9.43万平方米"),
        (
            Contribution(contribution=Grown(value="717", growth="56.6%"), to=Grown(value="1078.27", growth="45.4%")),
            "0.00%",
            "76.97%",
        ),
        (
            WeightedGrowth(
                weighted_growth=(
                    Grown(value="18", growth="43.3%"),
                    Grown(value="644", growth="45.9%"),
                    Grown(value="416", growth="43.9%"),
                )
            ),
            "0.00%",
            "45.08%",
        ),
        (Left(left_of=Named(named=("甲", "乙", "丙")), without=Named(named=("乙",))), "0", "2"),
    ],
)
def test_what_is_not_printed_is_implied_to_the_digit(figure: Form, like: str, computed: str) -> None:
    found = judged(figure, like=like)
    assert (found.verdict, found.computed) == ("implied", computed)


def test_a_counted_input_is_exact_and_a_printed_one_stands_for_all_that_prints_so() -> None:
    assert ends(judged(Share(share=1, over=4), like="0%")) == ("25.00", "25.00")
    assert ends(judged(Share(share="1", over="4"), like="0%")) == ("11.11", "42.86")


def test_a_figure_within_what_its_printed_inputs_allow_is_consistent() -> None:
    assert judged(Sum(sum=("18", "644", "416")), "1078.27").verdict == "consistent"
    assert judged(Sum(sum=("18", "644", "416")), "1079.51").verdict == "inconsistent"
    assert judged(Sum(sum=(18, 644, 416)), "1078.27").verdict == "inconsistent"


def test_a_figure_stated_twice_must_be_the_same() -> None:
    assert judged(SameAs(same_as="408亩"), "480亩").verdict == "inconsistent"
    assert judged(SameAs(same_as="0.48万亩"), "4800亩").verdict == "consistent"


@pytest.mark.parametrize(("rounding", "verdict"), [("truncate", "consistent"), ("half_up", "other_rounding")])
def test_a_figure_cut_off_is_consistent_only_where_the_place_cuts_off(rounding: Rounding, verdict: str) -> None:
    found = judged(Share(share=19, over=28), "67.8%", rounding=rounding)
    assert (found.verdict, found.roundings) == (verdict, ("truncate",))


def test_a_measure_and_an_amount_of_the_record_are_exact() -> None:
    ratio = SameAs(same_as=Measured(measure="investment_ratio"))
    assert judged(ratio, "18.44%", measures={"investment_ratio": Decimal("0.18442")}).verdict == "consistent"
    assert judged(ratio, "18.44%", measures={"investment_ratio": Decimal("0.18452")}).verdict == "inconsistent"
    amount = SameAs(same_as=ListedAmount(amount="total_investment"))
    assert judged(amount, "287.2亿元", amounts={"total_investment": Decimal(28_720_400_000)}).verdict == "consistent"


def test_what_the_record_does_not_give_leaves_the_figure_unknown_with_a_reason() -> None:
    found = judged(SameAs(same_as=Measured(measure="investment_ratio")), "18.44%")
    assert (found.verdict, found.low) == ("unknown", None)
    assert "investment_ratio" in found.reason


@pytest.mark.parametrize(
    "figure",
    [
        SameAs(same_as="近200"),
        Share(share=1, over=0),
        Share(share="1", over="0"),
        Previous(previous="84", growth="-100%"),
        WeightedGrowth(weighted_growth=()),
        WeightedGrowth(weighted_growth=(Grown(value="1", growth="-100%"),)),
        SameAs(same_as=Figure(figure="it")),
        SameAs(same_as=Figure(figure="nowhere")),
    ],
)
def test_what_cannot_be_worked_out_is_unknown_and_never_an_error(figure: Form) -> None:
    found = judged(figure)
    assert found.verdict == "unknown"
    assert found.reason


def test_a_later_figure_takes_an_earlier_one_as_printed_and_an_implied_one_as_computed() -> None:
    figures = [
        Declared(id="printed", figure=Sum(sum=(1, 1)), printed="3"),
        Declared(id="implied", figure=Sum(sum=(1, 1)), prints_like="0"),
        Declared(id="both", figure=Sum(sum=(Figure(figure="printed"), Figure(figure="implied"))), prints_like="0"),
    ]
    first, _, both = check(figures, Record(), rounding="half_up")
    assert (first.verdict, both.computed, ends(both, 1)) == ("inconsistent", "5", ("4.5", "5.5"))


def test_a_printed_figure_that_cannot_be_computed_still_serves_later_ones() -> None:
    figures = [
        Declared(id="plan", figure=SameAs(same_as=Measured(measure="unheard_of")), printed="40"),
        Declared(id="rate", figure=Share(share="28.5", over=Figure(figure="plan")), printed="71.3%"),
    ]
    assert [one.verdict for one in check(figures, Record(), rounding="half_up")] == ["unknown", "consistent"]


# --- sets of shares -------------------------------------------------------------------------------------------

AMOUNTS = {"甲": 160, "乙": 30, "丙": 25, "丁": 60, "戊": 25}


def shares(*printed: str, rounding: Rounding) -> list[Checked]:
    texts = printed or ("",) * len(AMOUNTS)
    classes = tuple(
        ClassShare(name=name, amount=amount, printed=text)
        for (name, amount), text in zip(AMOUNTS.items(), texts, strict=True)
    )
    declared = Declared(id="share", figure=Shares(shares=classes), prints_like="0.0%")
    return check([declared], Record(), rounding=rounding)


def test_balanced_shares_are_judged_together_and_their_sum_is_told() -> None:
    found = shares("53.4%", "10%", "8.3%", "20%", "8.3%", rounding="balance_to_100")
    assert [one.verdict for one in found] == ["consistent"] * 5 + ["implied"]
    assert (found[0].id, found[-1].id, found[-1].computed) == ("share/甲", "share", "100.0%")


def test_a_balanced_share_is_of_another_rounding_where_shares_are_rounded_one_by_one() -> None:
    first, *rest = shares("53.4%", "10%", "8.3%", "20%", "8.3%", rounding="half_up")
    assert (first.verdict, first.roundings, first.computed) == ("other_rounding", ("balance_to_100",), "53.3%")
    assert {one.verdict for one in rest} == {"consistent", "implied"}


def test_a_share_that_no_rounding_gives_is_inconsistent() -> None:
    first, *_ = shares("53.5%", "10%", "8.3%", "20%", "8.3%", rounding="balance_to_100")
    assert (first.verdict, first.roundings) == ("inconsistent", ())


def test_shares_that_are_not_printed_are_implied_under_the_rounding_of_the_place() -> None:
    balanced, half_up = shares(rounding="balance_to_100"), shares(rounding="half_up")
    assert [one.computed for one in balanced] == ["53.4%", "10.0%", "8.3%", "20.0%", "8.3%"]
    assert [one.computed for one in half_up] == ["53.3%", "10.0%", "8.3%", "20.0%", "8.3%"]


def test_a_share_of_printed_amounts_is_least_where_its_own_is_small_and_the_others_large() -> None:
    classes = (ClassShare(name="甲", amount="1"), ClassShare(name="乙", amount="3"))
    found, _ = check([Declared(id="s", figure=Shares(shares=classes))], Record(), rounding="half_up")
    assert ends(found) == ("0.13", "0.38")


def test_shares_of_nothing_are_unknown() -> None:
    classes = (ClassShare(name="甲", amount=0), ClassShare(name="乙", amount=0))
    [found] = check([Declared(id="s", figure=Shares(shares=classes))], Record(), rounding="half_up")
    assert (found.verdict, found.reason) == ("unknown", "nothing is a share of nothing")


# --- lists ----------------------------------------------------------------------------------------------------


def test_a_claimed_count_is_held_against_what_is_listed() -> None:
    listed = SameAs(same_as=Listed(listed="projects"))
    assert judged(listed, "9", names=("甲",) * 8).verdict == "inconsistent"
    assert judged(listed, "8", names=("甲",) * 8).verdict == "consistent"


def test_a_name_that_is_not_on_the_list_is_named() -> None:
    claim = ListedIn(names=Named(named=("甲", "丁")), listed_in=Listed(listed="projects"))
    found = judged(claim, names=("甲", "乙"))
    assert (found.verdict, found.names, found.form) == ("inconsistent", ("丁",), "listed_in")
    assert judged(claim, names=("甲", "乙", "丁")).verdict == "consistent"


def test_a_name_that_must_not_be_on_the_list_is_named() -> None:
    claim = NotListedIn(names=Named(named=("甲", "丁")), not_listed_in=Listed(listed="projects"))
    found = judged(claim, names=("甲", "乙"))
    assert (found.verdict, found.names, found.source) == ("inconsistent", ("甲",), "第一条")
    assert judged(claim, names=("乙",)).verdict == "consistent"


def test_what_is_left_of_a_list_is_counted_and_named() -> None:
    found = judged(Left(left_of=Listed(listed="projects"), without=Named(named=("乙",))), "2", names=("甲", "乙", "丙"))
    assert (found.verdict, found.names) == ("consistent", ("甲", "丙"))


# --- what cannot be read --------------------------------------------------------------------------------------


def test_every_fault_of_what_is_declared_is_found_where_it_stands() -> None:
    figures = [
        Declared(id="a", figure=SameAs(same_as="近200"), printed="二百"),
        Declared(id="a", figure=Sum(sum=(1, Figure(figure="b"))), prints_like="%"),
        Declared(id="b", figure=Shares(shares=(ClassShare(name="一", amount="x", printed="y"),))),
        Declared(id="c", figure=ListedIn(names=Named(named=("甲",)), listed_in=Listed(listed="projects"))),
        Declared(
            id="d",
            figure=Contribution(
                contribution=Grown(value="1", growth=Figure(figure="b")), to=Grown(value=1, growth="?")
            ),
        ),
    ]
    assert [(one.code, one.pointer) for one in faults(figures, under="/declared")] == [
        ("not_a_figure", "/declared/0/printed"),
        ("not_a_figure", "/declared/0/figure/same_as"),
        ("duplicate", "/declared/1/id"),
        ("not_a_figure", "/declared/1/prints_like"),
        ("unknown_figure", "/declared/1/figure/sum/1/figure"),
        ("not_a_figure", "/declared/2/figure/shares/0/amount"),
        ("not_a_figure", "/declared/2/figure/shares/0/printed"),
        ("not_a_figure", "/declared/4/figure/to/growth"),
    ]
    assert faults(figures[3:4]) == []
