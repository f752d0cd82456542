"""What exercises are made of: quizzes, and the known mistakes with a diagnosis each."""
