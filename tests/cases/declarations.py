"""What the documents of the cases declare, written from the numbers of the given file."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

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
)
from shared.core.numbers import Rounding
from tests.cases.documents import YI, Document, Thing, invented, with_amounts
from tests.cases.published import block, milestones, section, table

SATURDAY = 5
ITEMS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
PROJECTS = Listed(listed="projects")


def says(id_: str, printed: str, figure: Form, source: str = "") -> Declared:
    return Declared(id=id_, printed=printed, figure=figure, source=source)


def implies(id_: str, figure: Form, prints_like: str = "0.00%") -> Declared:
    return Declared(id=id_, figure=figure, prints_like=prints_like)


def quoted(number: str, pattern: str) -> list[str]:
    """The parts of a sentence of a section; a test that finds none must not go on."""
    found = re.search(pattern, section(number))
    assert found, pattern
    return list(found.groups())


def in_print(number: str, item: str) -> str:
    """A figure as the document's column of a table has it."""
    [found] = [row.document for row in table(number) if row.item == item]
    return found.replace(" ", "")


# --- 3.1 ------------------------------------------------------------------------------------------------------


@cache
def d000_1a() -> Document:
    given = block("3.1")["s000_1a"]
    things = tuple(Thing(name=name) for name in given["sites"])
    return Document(
        code="000-1a",
        things=things,
        declared=(says("projects", given["claimed_projects"], SameAs(same_as=PROJECTS), "9个重点项目"),),
        published={"declared_count": int(given["claimed_projects"])},
    )


@cache
def d000_1b() -> Document:
    given = block("3.1")["s000_1b"]
    groups = given["groups"]
    things = [
        Thing(name=name, category=category, unit=group["head"])
        for category, group in groups.items()
        for name in group["projects"]
    ]
    counts = [
        says(category, group["n"], SameAs(same_as=Listed(listed="projects", category=category)))
        for category, group in groups.items()
    ]
    return Document(
        code="000-1b",
        things=tuple(things),
        declared=(
            *counts,
            says("of_groups", given["claimed_projects"], Sum(sum=tuple(Figure(figure=one.id) for one in counts))),
            says("projects", given["claimed_projects"], SameAs(same_as=PROJECTS)),
            says("categories", given["claimed_categories"], SameAs(same_as=Listed(listed="categories"))),
            says("heads", given["claimed_categories"], SameAs(same_as=Listed(listed="lead_units"))),
        ),
    )


# --- 3.2 ------------------------------------------------------------------------------------------------------


@cache
def d000_2() -> Document:
    last = {name: int(count) for name, count in block("3.2")["last_year"].items()}
    done, stopped = Listed(listed="projects", stage="completed"), Listed(listed="projects", stage="terminated")
    return Document(
        code="000-2",
        things=(
            *invented(last["done_in_time"], "治理完成企业", stage="completed"),
            *invented(last["stopped"], "停产企业", stage="terminated"),
            *invented(last["extended"], "延期企业", category="extended"),
        ),
        declared=(
            says("enterprises", str(last["enterprises"]), SameAs(same_as=PROJECTS)),
            says(
                "parts",
                str(last["enterprises"]),
                Sum(sum=(done, stopped, Listed(listed="projects", category="extended"))),
            ),
            implies("done_of_all", Share(share=done, over=PROJECTS)),
            implies("done_or_stopped", Sum(sum=(done, stopped)), "0"),
            implies("done_or_stopped_of_all", Share(share=Figure(figure="done_or_stopped"), over=PROJECTS)),
            implies("operating", Difference(difference=PROJECTS, less=(stopped,)), "0"),
            implies("done_of_operating", Share(share=done, over=Figure(figure="operating"))),
        ),
    )


# --- 3.3 ------------------------------------------------------------------------------------------------------


@cache
def small_counts() -> Document:
    towns, towns_listed = quoted("3.3", r'"(\d+) towns": (\d+) listed')
    units, units_listed = quoted("3.3", r'"(\d+) units": (\d+) listed')
    offices, office_count = quoted("3.3", r"departments ([^ ]+) = (\d+) ")
    seen, heard, visits = quoted("3.3", r"seen (\d+) \+ heard (\d+) = (\d+)")
    counties, county_count = quoted("3.3", r'named \(([^)]+)\) → \*\*agrees\*\* with "(\d+)个县市区"')
    (points,) = quoted("3.3", r"(\d+) focus points")
    (items,) = quoted("3.3", r"items \(一\)-\(十三\) = (\d+)")
    (phases,) = quoted("3.3", r"phases \(一\)-\(七\) = (\d+)")
    return Document(
        code="small-counts",
        things=(
            *invented(int(towns_listed), "镇", category="towns"),
            *invented(int(units_listed), "部门", category="units"),
        ),
        declared=(
            says("towns", towns, SameAs(same_as=Listed(listed="projects", category="towns")), "000-4b 一"),
            says("units", units, SameAs(same_as=Listed(listed="projects", category="units")), "000-4b 二"),
            says("sections", "4", SameAs(same_as=Named(named=("一", "二", "三", "四"))), "000-4b"),
            says("items", items, SameAs(same_as=Named(named=ITEMS)), "000-3"),
            says("acceptance", office_count, SameAs(same_as=Named(named=tuple(offices.split("、")))), "000-3"),
            says("phases", phases, SameAs(same_as=Named(named=tuple("一二三四五六七"))), "000-5"),
            says("visits", visits, Sum(sum=(int(seen), int(heard))), "000-7"),
            implies("articles", SameAs(same_as=15), "0"),
            implies("methods", SameAs(same_as=Named(named=tuple("1234567"))), "0"),
            says("counties", county_count, SameAs(same_as=Named(named=tuple(counties.split("、")))), "000-17"),
            says("focus_points", points, SameAs(same_as=int(points)), "000-17"),
        ),
    )


# --- 3.4 ------------------------------------------------------------------------------------------------------


@cache
def d000_9(rounding: Rounding = "balance_to_100") -> Document:
    plates, totals, h1, all_30m = (block("3.4")[name] for name in ("plates", "totals", "h1", "all_30m_projects"))
    things = [
        one
        for name, plate in plates.items()
        for one in with_amounts(invented(int(plate["n"]), name, category=name), total=plate["inv"])
    ]
    amounts = tuple(f"{plate['inv']}亿元" for plate in plates.values())
    return Document(
        code="000-9",
        rounding=rounding,
        things=tuple(things),
        declared=(
            says("n", totals["n"], Sum(sum=tuple(Listed(listed="projects", category=name) for name in plates))),
            says("inv", f"{totals['inv']}亿元", Sum(sum=amounts)),
            Declared(
                id="n_share",
                source="五大板块",
                prints_like="0.0%",
                figure=Shares(
                    shares=tuple(
                        ClassShare(
                            name=name, amount=Listed(listed="projects", category=name), printed=f"{plate['n_share']}%"
                        )
                        for name, plate in plates.items()
                    )
                ),
            ),
            Declared(
                id="inv_share",
                source="五大板块",
                prints_like="0.0%",
                figure=Shares(
                    shares=tuple(
                        ClassShare(name=name, amount=f"{plate['inv']}亿元", printed=f"{plate['inv_share']}%")
                        for name, plate in plates.items()
                    )
                ),
            ),
            *_half_year(h1),
            says(
                "30m_n",
                f"{all_30m['doc_n_share']}%",
                Share(share=int(all_30m["five_aspects_n"]), over=int(all_30m["n"])),
            ),
            says(
                "30m_inv", f"{all_30m['doc_inv_share']}%", Share(share=all_30m["five_aspects_inv"], over=all_30m["inv"])
            ),
        ),
        published={"declared_count": int(totals["n"]), "declared_total_investment_yuan": Decimal(totals["inv"]) * YI},
    )


def _half_year(h1: Mapping[str, Any]) -> tuple[Declared, ...]:
    private, fai, growth = h1["private"], h1["urban_fai"], f"{h1['fai_growth']}%"
    sectors = list(h1["by_sector"].values())
    started = h1["new_started_30m"]
    return (
        says("started_share", f"{started['doc_share_of_urban_fai']}%", Share(share=started["inv"], over=fai)),
        says("private_share", f"{private['doc_share']}%", Share(share=private["inv"], over=fai)),
        says("sectors", fai, Sum(sum=tuple(value for value, _ in sectors))),
        implies("jobs_plan", PlanImplied(plan_implied=h1["new_jobs_10k"], at=f"{h1['doc_job_progress']}%"), "0.00"),
        says("jobs", f"{h1['doc_job_progress']}%", Share(share=h1["new_jobs_10k"], over=40)),
        says(
            "private_contribution",
            f"{private['doc_contribution']}%",
            Contribution(
                contribution=Grown(value=private["inv"], growth=f"{private['growth']}%"),
                to=Grown(value=fai, growth=growth),
            ),
            "民间投资贡献率",
        ),
        says(
            "fai_growth",
            growth,
            WeightedGrowth(
                weighted_growth=tuple(Grown(value=value, growth=f"{percent}%") for value, percent in sectors)
            ),
            "城镇固定资产投资增速",
        ),
        *(
            implies(place, Difference(difference=growth, less=(f"{h1[f'vs_{place}_pp']}pp",)), "0.0%")
            for place in ("national", "liaoning", "heilongjiang")
        ),
    )


# --- 3.7 ------------------------------------------------------------------------------------------------------


@cache
def d004() -> Document:
    given = block("3.7")
    systems = given["systems_in_meeting_order"]
    things = [
        Thing(name=f"项目{place}(虚构)", category=systems[place % len(systems)], unit=given["conveners"][place % 9])
        for place in range(int(given["projects"]))
    ]
    total, plan = given["total_investment"], given["annual_plan"]
    nine = Named(named=tuple(systems))
    return Document(
        code="004",
        things=with_amounts(tuple(things), total=total, plan=plan),
        declared=(
            says("systems", "9", SameAs(same_as=Listed(listed="categories"))),
            says("conveners", "9", SameAs(same_as=Listed(listed="lead_units"))),
            says("permit_offices", "9", SameAs(same_as=Named(named=tuple(given["permit_offices"])))),
            implies(
                "conveners_less_systems",
                Difference(difference=Named(named=tuple(given["conveners"])), less=(nine,)),
                "0",
            ),
            implies("plan_share", Share(share=plan, over=total)),
        ),
        published={
            "declared_count": int(given["projects"]),
            "declared_total_investment_yuan": Decimal(total) * YI,
            "declared_annual_planned_investment_yuan": Decimal(plan) * YI,
        },
    )


# --- 3.8 ------------------------------------------------------------------------------------------------------


@cache
def d003(rounding: Rounding = "truncate") -> Document:
    given = block("3.8")
    count, started, tertiary = (int(given[name]) for name in ("in_district", "started_28", "tertiary_28"))
    things = tuple(
        Thing(
            name=f"市重点项目{place + 1}(虚构)",
            category="tertiary" if place < tertiary else "secondary",
            stage="started" if place >= count - started else "launched",
        )
        for place in range(count)
    )
    tiers = tuple(int(one) for one in given["tiers_28"].values())
    return Document(
        code="003",
        rounding=rounding,
        things=with_amounts(
            things, total=given["total_investment_28"], plan=given["annual_plan_28"], done=given["completed_28"]
        ),
        declared=(
            says("all", given["all"], Sum(sum=(int(given["in_district"]), int(given["own"])))),
            says("tertiary_share", in_print("3.8", "19/28 tertiary"), _measured("tertiary_share"), "占总项目的67.8%"),
            implies("start_rate", _measured("start_rate")),
            says("investment_ratio", in_print("3.8", "7.34/39.8"), _measured("investment_ratio")),
            says(
                "investment_ratio_printed",
                in_print("3.8", "7.34/39.8"),
                Share(share=given["completed_28"], over=given["annual_plan_28"]),
            ),
            says("tiers", given["in_district"], Sum(sum=tiers), "投资1-5亿元以上项目"),
            implies("unclassified", Difference(difference=PROJECTS, less=tiers), "0"),
            implies("new_share", Share(share=int(given["new_build_28"]), over=PROJECTS)),
            implies("continuing", Difference(difference=PROJECTS, less=(int(given["new_build_28"]),)), "0"),
            implies("own_total", _own(given, "total_investment"), "0.00"),
            implies("own_annual", _own(given, "annual_plan"), "0.0"),
            says("launched", given["in_district"], SameAs(same_as=PROJECTS), "已全面启动"),
            implies("ground_broken", SameAs(same_as=Listed(listed="projects", stage="started")), "0"),
            says("cadences", "5", SameAs(same_as=Named(named=("旬", "月", "季", "半年", "年"))), "五个一"),
        ),
        published={"declared_count": count},
    )


def _measured(name: str) -> SameAs:
    return SameAs(same_as=Measured(measure=name))


def _own(given: Mapping[str, str], amount: str) -> Difference:
    return Difference(difference=given[f"{amount}_50"], less=(given[f"{amount}_28"],))


# --- 3.9 ------------------------------------------------------------------------------------------------------


@cache
def d002() -> Document:
    given = block("3.9")["s002"]
    count = int(given["projects"])
    five = ("leader", "help_team", "leader_visits_per_week", "team_visits_per_day", "supervision_per_week")
    return Document(
        code="002",
        things=invented(count, "项目"),
        declared=(
            implies("leaders_most", Share(share=PROJECTS, over=int(given["leader_min"])), "0"),
            implies("leaders_least", Share(share=PROJECTS, over=int(given["leader_max"])), "0"),
            says("five_ones", "5", SameAs(same_as=Named(named=five)), "五个一"),
        ),
        published={"declared_count": count},
    )


@cache
def d001() -> Document:
    """The working days of the reference year; nothing of it is printed."""
    holiday = int(block("3.9")["s001"]["holiday_days"])
    year_end = [date(2020, 9, 26) + timedelta(days=place) for place in range(97)]
    assert year_end[-1] == date(2020, 12, 31)
    days, weekends = len(year_end), sum(one.weekday() >= SATURDAY for one in year_end)
    first = date(2020, 10, 1)
    weekday_holidays = sum((first + timedelta(days=place)).weekday() < SATURDAY for place in range(holiday))
    return Document(
        code="001",
        declared=(
            implies("without_make_up", Difference(difference=days, less=(weekends, weekday_holidays)), "0"),
            implies("with_make_up", Sum(sum=(Figure(figure="without_make_up"), 2)), "0"),
            implies("naive", Difference(difference=days, less=(weekends, holiday)), "0"),
        ),
    )


# --- 3.10 and 3.11 ----------------------------------------------------------------------------------------------

OPEN = Listed(listed="projects", category="road", stage="in_use")
ROADS = Listed(listed="projects", category="road")


def still_planned() -> Named:
    """The roads that the document still plans to build, start or pave, as it writes them."""
    later = [*milestones()["11月底"][:4], *milestones()["no date"][:3]]
    return Named(named=tuple(one.removesuffix(" paving").removesuffix(" start") for one in later))


@cache
def d000_14() -> Document:
    given = block("3.10")
    roads, villages = given["roads"], given["farm_demo_villages"]
    first, second = quoted("3.10", r"(\d+) 亩 vs (\d+) 亩")
    before, after = (given["cleaning_万平方米"][name] for name in ("before", "after"))
    building, safety = given["building"], given["safety"]
    town_works = [
        implies(name, PlanImplied(plan_implied=f"{done}万平方米", at=f"{percent}%"), "0.00万平方米")
        for name, (done, percent) in given["town_works"].items()
    ]
    households = [
        implies("in_pilots", Product(product=(int(villages["pilots"]), int(villages["households_pilot_each"]))), "0"),
        implies("in_others", Product(product=(int(villages["other"]), int(villages["households_other_each"]))), "0"),
    ]
    return Document(
        code="000-14",
        things=tuple(
            Thing(name=name, category="road", stage="in_use" if name in roads["open"] else "started")
            for name in roads["all"]
        ),
        declared=(
            says("roads", "15", SameAs(same_as=ROADS)),
            says("open", "11", SameAs(same_as=OPEN)),
            implies("open_share", Share(share=OPEN, over=ROADS)),
            implies("left", Left(left_of=ROADS, without=OPEN), "0"),
            Declared(
                id="planned_not_open", source="全线贯通", figure=NotListedIn(names=still_planned(), not_listed_in=OPEN)
            ),
            Declared(id="planned_on_list", source="11月底", figure=ListedIn(names=still_planned(), listed_in=ROADS)),
            says("park", f"{first}亩", SameAs(same_as=f"{second}亩"), "生态公园"),
            says("villages", villages["plans_claimed"], Sum(sum=(int(villages["pilots"]), int(villages["other"])))),
            *households,
            implies("households", Sum(sum=tuple(Figure(figure=one.id) for one in households)), "0"),
            *town_works,
            implies("cleaning_growth", Growth(growth=after, since=before)),
            implies("stop_share", Share(share=int(safety["stopped"]), over=int(safety["projects_checked"]))),
            implies("previous_output", _previous(building, "output"), "0.00"),
            implies("previous_value_added", _previous(building, "value_added"), "0.00"),
        ),
    )


def _previous(given: Mapping[str, str], name: str) -> Previous:
    return Previous(previous=given[name], growth=f"{given[f'{name}_growth']}%")


# --- 3.12 -----------------------------------------------------------------------------------------------------


@cache
def d000_17() -> Document:
    air, water = block("3.12")["air"], block("3.12")["water"]
    sections = int(water["sections"])
    failing = int(water["failing"])
    return Document(
        code="000-17",
        things=(
            *invented(sections - failing, "达标断面", category="pass"),
            *invented(failing, "不达标断面", category="fail"),
        ),
        declared=(
            says(
                "pass", f"{water['doc_pass']}%", Share(share=Listed(listed="projects", category="pass"), over=PROJECTS)
            ),
            implies("pm10", Previous(previous=air["pm10"], growth=f"{air['pm10_change']}%"), "0.00"),
            implies("pm25", Previous(previous=air["pm25"], growth=f"{air['pm25_change']}%"), "0.00"),
            says("indicators", "3", SameAs(same_as=Named(named=("PM10", "PM2.5", "优良天数"))), "三个空气指标"),
        ),
    )
