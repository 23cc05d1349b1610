from evolution.models.predictions import Prediction
from evolution.models.runs import Elite, Individual, Run, RunStatistics

__all__ = ["Elite", "Individual", "Prediction", "Run", "RunStatistics"]
