"""In what two definitions differ for people: typed changes, their sentences, and both on one picture.

`differences` compares by identity (names of states, ids of ways, keys of texts), never by line or place;
`wording` says a change in Bulgarian, English or Hungarian; `union` puts both versions on one diagram.
"""
