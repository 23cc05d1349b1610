"""What a good user would write without this project: the code that figures are compared with."""
