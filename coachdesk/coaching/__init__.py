"""NUMBERS -> ADVICE, pure: playbooks say what matters in a trade; findings, suggestions and flags follow from facts."""
