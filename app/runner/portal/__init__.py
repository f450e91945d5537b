"""The customer portal behind the flows: each act of a customer is one use case here."""
