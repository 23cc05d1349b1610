"""What people see in the pictures that networks are sure of: blind questions, answered by visitors."""

from evolution.studies.human_vs_dnn.study import HumanVsDnn, Parameters

__all__ = ["HumanVsDnn", "Parameters"]
