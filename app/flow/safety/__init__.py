"""Safety rules: what must never happen in a flow, said by QA in `safety.yaml` and proven or refuted."""
