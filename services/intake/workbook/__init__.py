"""A unit's return as a workbook (月报表): written with what the record knows, read back as submissions.

form      which sheets, columns and lines it has
writing   the form as .xlsx, with marks on what is wrong
cells     what stands in one cell, in one reading or none
reading   a workbook that came back, against the form as it was given out
claims    what was filled in, as submissions
"""
