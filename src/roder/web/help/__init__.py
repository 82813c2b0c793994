"""Help inside the product: the handbook's own pages, shown in Roder's frame and found from every page.

``library`` finds and reads the files, ``rendering`` makes them into HTML, ``places`` says which page of help belongs to
which page of Roder and to which role, ``finding`` searches. The help is open without login: it is the published
documentation and holds nothing of any municipality's.
"""
